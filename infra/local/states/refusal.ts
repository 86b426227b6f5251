/** What Step Functions refuses to do, by the name of its error. */
export class StatesRefusal extends Error {
  override readonly name = 'StatesRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
