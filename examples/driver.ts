import { WebSocket } from "ws";
import { openDriver } from "../src/client/driver-client.ts";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";

// A driver at work: stands near the centre of Dushanbe, takes what is offered, drives it, and waits for the next.
// npm run driver -- DRIVER_ID TOKEN [--at 38.5601,68.7801] [--url ws://127.0.0.1:8000]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    at: { type: "string", default: "38.5601,68.7801" },
    url: { type: "string", default: `ws://127.0.0.1:${process.env["PORT"] ?? 8000}` },
  },
});
const [driverId, token] = positionals;
const [lat, lng] = values.at.split(",").map(Number);
if (!driverId || !token || lat === undefined || lng === undefined) {
  console.error("usage: npm run driver -- DRIVER_ID TOKEN [--at LAT,LNG] [--url ws://127.0.0.1:8000]");
  process.exit(2);
}

const say = (what: string): void => console.log(`${new Date().toISOString().slice(11, 19)}  ${what}`);

const ride = async (orderId: string): Promise<void> => {
  const steps = [
    ["departed", () => driver.driverDeparted(orderId)],
    // A reason: this driver never moves, so a pickup may be far away.
    ["arrived", () => driver.driverArrived(orderId, "example")],
    ["started", () => driver.startTrip(orderId)],
    ["completed", () => driver.completeTrip(orderId)],
  ] as const;
  for (const [step, ask] of steps) {
    await sleep(2_000);
    const reply = await ask();
    if (reply.is !== "ack") return say(`${step}: ${JSON.stringify(reply)}`);
    say(step);
  }
};

const take = async (orderId: string, offerId: string, distanceM: number | null): Promise<void> => {
  say(`offer: trip ${orderId}, ${distanceM} m away`);
  await driver.offerReceived(orderId, offerId);
  const reply = await driver.acceptOrder(orderId, offerId);
  say(reply.is === "ack" ? "accepted" : JSON.stringify(reply));
  if (reply.is === "ack") await ride(orderId);
};

const driver = openDriver(
  {
    WebSocket,
    url: values.url,
    driverId,
    token: () => token,
    lost: () => say(`no connection to ${values.url}, trying again`),
    ended: (code) => {
      say(`closed for good: ${code}`);
      process.exit(1);
    },
  },
  {
    welcomed: ({ status, order }) => {
      say(`connected, ${status}`);
      void driver.setStatus("available").then(() => say("available"));
      if (order !== null) void ride(order.order_id);
    },
    offered: (order) => void take(order.order_id, order.offer_id, order.pickup_distance_m),
    assigned: ({ order_id }) => void ride(order_id),
    withdrawn: ({ order_id, reason }) => say(`trip ${order_id} is no longer ours: ${reason}`),
    updated: () => {},
  },
);
// A position older than 15 s does not count.
setInterval(() => driver.ping({ lat, lng, accuracyM: 8 }), 1_000);
process.once("SIGINT", () => {
  process.once("SIGINT", () => process.exit(1));
  void Promise.race([driver.setStatus("offline").then(() => say("offline")), sleep(2_000)]).then(() =>
    process.exit(0),
  );
});
