import type { VehicleType } from "../../app/vehicle-types.ts";

/** What the passenger's and the driver's page share. */
export const phone = {
  account: "Account",
  email: "E-mail",
  firstName: "First name",
  register: "Register",
  taken: "This email is registered already.",
  takenThen:
    "Register with another e-mail, or sign in with the key that you got when you registered. There is no password to ask for.",
  haveKey: "I have a key",
  key: "Your key",
  keyWrong: "This is not a valid key for this page.",
  signIn: "Sign in",
  back: "Back",
  keyIsYou: "You are signed in by a key that is kept in this browser. Take it along to sign in elsewhere.",
  copyKey: "Copy my key",
  keyCopied: "Copied",
  leaveSure: "Sign out? There is no password: without this key you do not come back into this account.",
  stay: "Stay",
  leave: "Yes, sign out",
  signedOut: "You were signed out: the server no longer takes your key.",
  openElsewhere: "This page is open in another window.",
  useHere: "Use it here",
  vehicleType: "Vehicle",
  vehicles: { standard: "Standard", comfort: "Comfort", van: "Van" } satisfies Record<VehicleType, string>,
  mapKeys: "Arrow keys move the map, Enter chooses its middle",
};
