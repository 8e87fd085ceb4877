/** S62: where a browser on this machine finds a server that listens on `host`: every address is also loopback. */
export const webAddress = (host: string, port: number): string => {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
};
