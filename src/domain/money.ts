/** Integer minor units with an ISO 4217 currency: `{ amount: 1850, currency: "TJS" }` is 18.50 somoni. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}
