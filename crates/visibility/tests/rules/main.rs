//! Proofs of who may see what: the matrix, a second specification, properties, and each rule by name.

#[cfg(test)]
mod access;
#[cfg(test)]
mod access_printed;
#[cfg(test)]
mod dpia;
#[cfg(test)]
mod entry;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod notified;
#[cfg(test)]
mod observed;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod sentences;
#[cfg(test)]
mod small_print;
#[cfg(test)]
mod specification;
#[cfg(test)]
mod world;
