import type { BillingSettings } from './billing-settings.ts';

/** What the paper says beside figures. Kept with the bills of a close: later settings change none. */
export interface Wording {
  /** Who bills: stands above the document; empty: nothing does. */
  readonly issuer: string;
  /** What kind of paper it is; empty: nothing is said. */
  readonly statement: string;
}

export const DEFAULT_WORDING: Wording = {
  issuer: '',
  statement: 'Internal recharge, not a tax invoice.',
};

export function wordingOf({ issuer, statement }: BillingSettings): Wording {
  return {
    issuer: issuer ?? DEFAULT_WORDING.issuer,
    statement: statement ?? DEFAULT_WORDING.statement,
  };
}
