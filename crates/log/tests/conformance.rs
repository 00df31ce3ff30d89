//! Both adapters keep the promises of the port.

use event_log::{MemoryLog, conformance};

#[test]
fn the_log_in_memory_keeps_the_promises_of_the_port() {
    conformance::holds(MemoryLog::new);
}
