//! Rows equal a fold of the log, however it is cut into batches.
