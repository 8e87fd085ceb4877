export const start = {
  title: "DG Do Dispatch",
  what: "A real-time dispatch server for ride-hailing.",
  how: "Every trip and every driver is a statechart. Every transition is in the log before anybody hears of it.",
  serving: "Serving",
  notReady: "Not ready",
  asking: "Asking…",
  transport: (name: string) => `transport ${name}`,
  markets: "Markets",
  pages: {
    ride: { title: "Ride", text: "The passenger's app: request, follow, rate." },
    drive: { title: "Drive", text: "The driver's app: take orders, by GPS or a simulated drive." },
    admin: { title: "Console", text: "For operators: the live map, every trip and every decision." },
    docs: { title: "API", text: "HTTP and WebSocket reference, works offline." },
  },
  try: "To see a whole trip, open Drive in one window and Ride in another.",
};
