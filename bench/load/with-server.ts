import { type ServerProcess, startServer } from "../start-server.ts";

/** Runs `work` against a server of its own, and ends that as an operator would. */
export const withServer = async <T>(work: (server: ServerProcess) => Promise<T>): Promise<T> => {
  const server = await startServer();
  try {
    return await Promise.race([work(server), server.died]);
  } finally {
    await server.stop();
    await server.remove();
  }
};
