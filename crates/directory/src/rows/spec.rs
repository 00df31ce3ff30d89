//! Rows survive what they must, and nothing outlives its key.
