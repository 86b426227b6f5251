export interface CheckView {
  readonly check: string;
  readonly message: string;
  readonly refuses: boolean;
}

/** What a person should look at before bills are issued; empty where there is nothing. */
export function checksText(checks: readonly CheckView[]): string {
  return checks
    .map(({ message, refuses }) => `Check: ${message}${refuses ? ' (refuses an issue)' : ''}.\n`)
    .join('');
}
