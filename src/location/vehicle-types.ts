/** Vehicle types of the drivers here as small numbers. A number is free again when its last driver is gone. */
export interface VehicleTypes {
  /** The type's number, for one more driver. */
  take(type: string): number;
  /** One driver less. */
  drop(number: number): void;
  numberOf(type: string): number | undefined;
  nameOf(number: number): string;
}

export const createVehicleTypes = (): VehicleTypes => {
  const numberOf = new Map<string, number>();
  const names: string[] = [];
  const users: number[] = [];
  const free: number[] = [];
  return {
    take: (type) => {
      const number = numberOf.get(type) ?? free.pop() ?? names.length;
      numberOf.set(type, number);
      names[number] = type;
      users[number] = (users[number] ?? 0) + 1;
      return number;
    },
    drop: (number) => {
      users[number]! -= 1;
      if (users[number]! > 0) return;
      numberOf.delete(names[number]!);
      free.push(number);
    },
    numberOf: (type) => numberOf.get(type),
    nameOf: (number) => names[number]!,
  };
};
