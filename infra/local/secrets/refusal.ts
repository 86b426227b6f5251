/** An error of Secrets Manager, by its own name. */
export class SecretsRefusal extends Error {
  override readonly name = 'SecretsRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
