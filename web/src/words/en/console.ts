import { consoleTrips } from "./console-trips.ts";
import { consoleViews } from "./console-views.ts";

export const consoleWords = {
  title: "console",
  market: "Market",
  live: "Live",
  connecting: "Connecting…",
  reasonNeeded: "Say why, in up to 500 characters.",
  nav: {
    label: "Views",
    map: "Live map",
    trips: "Trips",
    drivers: "Drivers",
    numbers: "Numbers",
    alarms: "Alarms",
    log: "Log",
  },
  signIn: {
    how: "Open the link that npm start printed, or paste it here. Its token is kept in this browser only.",
    token: "Operator's token or link",
    enter: "Sign in",
    notAToken: "This is not a token.",
    expired: "Your sign-in has expired. Sign in again.",
    forbidden: "This token is not an operator's.",
    refused: "The server does not know this token. It may be from another server.",
  },
  ...consoleViews,
  trips: consoleTrips,
};
