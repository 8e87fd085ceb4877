import uWS from "uWebSockets.js";
import { pack } from "msgpackr";

// The least that uWebSockets.js can do with the same traffic: it reads a request and answers constant text
// (the first argument), counts pings and looks into none. Ends with whoever started it.

const answer = process.argv[2] ?? "";
const ack = pack({ type: "ack", id: "b" });
let frames = 0;

uWS
  .App()
  .post("/v1/match", (res) => {
    res.onAborted(() => undefined);
    res.onData((_, last) => {
      if (!last) return;
      res.writeHeader("content-type", "application/json");
      res.end(answer);
    });
  })
  .ws("/ws/driver/:id", {
    message: (ws, message) => {
      frames += 1;
      if (message.byteLength > 40) ws.send(ack, true); // longer than any ping: a barrier
    },
  })
  .get("/metrics", (res) => void res.end(`pings_total{verdict="taken"} ${frames}\n`))
  .listen("127.0.0.1", 0, (token) => {
    if (token) console.log(uWS.us_socket_local_port(token));
  });

process.stdin.once("end", () => process.exit()).resume();
