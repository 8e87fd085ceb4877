import { createServer } from "node:net";
import uWS, { type us_listen_socket } from "uWebSockets.js";
import type { Server, ServerSpec } from "./port.ts";
import { cannotListen } from "./cannot-listen.ts";
import { serveHttp } from "./uws-http.ts";
import { serveSockets } from "./uws-socket.ts";

/** Serves HTTP and WebSocket on one port. Rejects with one clear line when it cannot listen. */
export const listen = async <State>(spec: ServerSpec<State>): Promise<Server> => {
  const app = uWS.App();
  serveSockets(app, spec);
  serveHttp(app, spec);
  let token = await bind(app, spec.host, spec.port);
  if (!token) throw new Error(await whyNot(spec.host, spec.port));
  return {
    port: uWS.us_socket_local_port(token),
    stopListening: () => {
      if (token) uWS.us_listen_socket_close(token); // twice would crash the process
      token = false;
    },
    close: () => {
      token = false;
      app.close();
    },
  };
};

type Listen = (
  host: string,
  port: number,
  options: number,
  done: (token: us_listen_socket | false) => void,
) => void;

const bind = (app: uWS.TemplatedApp, host: string, port: number) =>
  new Promise<us_listen_socket | false>((resolve) => {
    // P21: exclusive, or two servers would share the port silently. The types lack this overload.
    (app.listen as unknown as Listen).call(app, host, port, EXCLUSIVE, resolve);
  });

const EXCLUSIVE = 1;

/** uWebSockets only says that it failed; Node says why. */
const whyNot = (host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => resolve(cannotListen(host, port, error)));
    probe.listen({ host, port, exclusive: true }, () => {
      probe.close();
      resolve(`cannot listen on ${host}:${port}`);
    });
  });
