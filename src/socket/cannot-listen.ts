/** P21: why a server cannot listen there, in one clear line. */
export const cannotListen = (host: string, port: number, { code }: NodeJS.ErrnoException): string =>
  code === "EADDRINUSE" ? `port ${port} is in use` : `cannot listen on ${host}:${port}: ${code}`;
