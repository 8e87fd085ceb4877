/** What is in the files is not what is in the log, or not what it should be. One line for the terminal. */
export class Differs extends Error {
  override name = "Differs";
}
