/** In Dushanbe, 2.8 km apart. */
export const pickup = { lat: 38.56, lng: 68.78 };
export const dropoff = { lat: 38.58, lng: 68.8 };
export const request = { type: "request_trip", pickup, dropoff };

/** A market of a markets file: everywhere, or a box of degrees. Cars there may be anywhere at any time. */
export const market = (id: string, policy: object = {}, polygon?: readonly (readonly number[])[]) => ({
  id,
  name: id,
  currency: "TJS",
  time_zone: "UTC",
  policy: { location: { max_speed_mps: 100_000 }, ...policy },
  ...(polygon && { area: { polygon } }),
});
