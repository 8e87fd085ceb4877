/** How the bundled PostgreSQL runs, as command-line options; nothing of it is kept in the cluster. */
export const settings = (port: number): string[] => {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 100,
    shared_buffers: "128MB",
    // What is acknowledged is on the disk.
    fsync: "on",
    synchronous_commit: "on",
    max_wal_size: "2GB",
    // Few rows are updated very often (markets, actors, claims).
    autovacuum_naptime: "15s",
    // Every statement is short; compiling it would cost more than it saves.
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    // Errors without details and statements: those hold ids and words of people.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
};
