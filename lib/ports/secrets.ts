/** Where secrets are kept. What it gives goes to whom it is for, and into no log, message or document. */
export interface SecretStore {
  /**
   * @param name name or ARN of the secret
   * @returns its text, or null when there is none of that name
   * @throws ProblemError `refused` when it must not or cannot be read; says why and never what it holds
   */
  get(name: string): Promise<string | null>;
}
