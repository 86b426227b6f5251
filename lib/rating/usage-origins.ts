import { type Decimal, decimal, powerOfTen } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { compositeKey } from './interner.ts';
import type { LineKey } from './usage-month.ts';

/** A project's usage of some hours, and the part of it that one team bears. */
export interface SharedUsage {
  readonly percent: Decimal;
  /** Of the whole project. */
  readonly quantity: Decimal;
  /** `percent` of `quantity`. */
  readonly part: Decimal;
  /** First and last hour with usage at this share, from the month's first. */
  readonly firstHour: number;
  readonly lastHour: number;
}

/** Where the usage of a (team, region, project, measure, class) came from, and what of it commitments took. */
export interface UsageOrigin extends LineKey {
  readonly team: string;
  readonly shares: readonly SharedUsage[];
  readonly covered: readonly { readonly commitment: string; readonly quantity: Decimal }[];
}

/** A team's part of an hour's usage. */
export interface TakenPart {
  readonly team: string;
  readonly key: LineKey;
  readonly hour: number;
  /** The project's usage x `factor` is the team's part. */
  readonly quantity: bigint;
  readonly factor: bigint;
}

interface Share {
  readonly factor: bigint;
  quantity: bigint;
  readonly firstHour: number;
  lastHour: number;
}

interface Origin {
  readonly team: string;
  readonly key: LineKey;
  readonly shares: Map<bigint, Share>;
  readonly covered: Map<string, bigint>;
}

/** Notes whose usage is whose while a month is rated: for explanations, so that no other rating pays for it. */
export class UsageOrigins {
  /** By team, and the key of a line, of which there is one object. */
  readonly #origins = new Map<string, Map<LineKey, Origin>>();

  take({ team, key, hour, quantity, factor }: TakenPart): void {
    const { shares } = this.#originOf(team, key);
    const share = shares.get(factor);
    if (share === undefined) {
      shares.set(factor, { factor, quantity, firstHour: hour, lastHour: hour });
      return;
    }
    share.quantity += quantity;
    share.lastHour = hour;
  }

  cover(team: string, key: LineKey, covered: ReadonlyMap<string, bigint>): void {
    const origin = this.#originOf(team, key);
    for (const [commitment, quantity] of covered) {
      origin.covered.set(commitment, (origin.covered.get(commitment) ?? 0n) + quantity);
    }
  }

  /** @param scales decimals of usage, and of the factors (100 % is 10^(`addedScale`)) */
  list({
    usageScale,
    addedScale,
  }: {
    readonly usageScale: number;
    readonly addedScale: number;
  }): UsageOrigin[] {
    const quantityScale = usageScale + addedScale;
    const origins = [...this.#origins.values()].flatMap((ofTeam) => [...ofTeam.values()]);
    return origins.map(({ team, key, shares, covered }) => ({
      team,
      ...key,
      shares: [...shares.values()].map(({ factor, quantity, firstHour, lastHour }) => ({
        percent: decimal(factor * powerOfTen(2), addedScale),
        quantity: decimal(quantity, usageScale),
        part: decimal(quantity * factor, quantityScale),
        ...{ firstHour, lastHour },
      })),
      covered: [...covered]
        .map(([commitment, quantity]) => ({
          commitment,
          quantity: decimal(quantity, quantityScale),
        }))
        .sort((a, b) => compareText(a.commitment, b.commitment)),
    }));
  }

  #originOf(team: string, key: LineKey): Origin {
    let ofTeam = this.#origins.get(team);
    if (ofTeam === undefined) {
      ofTeam = new Map();
      this.#origins.set(team, ofTeam);
    }
    let origin = ofTeam.get(key);
    if (origin === undefined) {
      origin = { team, key, shares: new Map(), covered: new Map() };
      ofTeam.set(key, origin);
    }
    return origin;
  }
}

/** What an origin and the lines that came of it have in common. */
export function originName(
  of: Pick<UsageOrigin, 'team' | 'region' | 'project' | 'measure' | 'class'>,
): string {
  return compositeKey([of.team, of.region, of.project, of.measure, of.class]);
}
