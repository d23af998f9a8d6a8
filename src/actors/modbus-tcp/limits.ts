/** What the gateway puts up with. */
export const MODBUS_TCP_LIMITS = {
  /** Connections at once. One more takes the place of the one that has been silent for longest. */
  connections: 512,
  /** A connection without a request for this long is closed. Milliseconds. */
  idleMs: 15 * 60_000,
  /** A frame that has begun must be whole after this long. Milliseconds. */
  partialFrameMs: 10_000,
  /** A client that does not read its answers for this long is closed. Milliseconds. */
  unreadMs: 30_000,
  /** Answers queued towards one client; above it nothing more is read from it until it has read. Bytes. */
  queueBytes: 16 * 1024,
  /** Requests answered before others in the process get a turn. */
  requestsPerTurn: 32,
  /** How often connections are looked at for the times above. Milliseconds. */
  sweepMs: 1_000,
  /** How long to wait for the settings before serving without them, read only. Milliseconds. */
  settingsMs: 2_000,
  /** After a port could not be had, it is tried again. Milliseconds. */
  listenAgainMs: 10_000,
  /** An error goes to the bus this long after it; of several the last one. Milliseconds. */
  errorMs: 1_000,
  /** Counters go to the bus at most this often. Milliseconds. */
  countersMs: 10_000,
  /** Entries of /Services. */
  services: 300,
  /** Addresses whose requests are counted one by one, in /Clients; the one silent for longest makes room. */
  clients: 16,
  /** Networks of the allow list. */
  networks: 64,
} as const;
