/** A seeded source of numbers: the same seed gives the same cloud on every machine. */
export interface Random {
  /** From 0 up to and not including 1. */
  next(): number;
  /** A whole number from 0 up to and not including `below`. */
  integer(below: number): number;
  pick<T>(list: readonly T[]): T;
  uuid(): string;
  /** A Keystone id: 32 lowercase hex digits. */
  keystoneId(): string;
}

/** Mulberry32: 32 bits of state, enough for sample data and short enough to read. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  const keystoneId = (): string =>
    Array.from({ length: 4 }, () => integer(0x1_0000_0000).toString(16).padStart(8, '0')).join('');
  return {
    next,
    integer,
    keystoneId,
    pick: (list) => {
      const chosen = list[integer(list.length)];
      if (chosen === undefined) throw new RangeError('cannot pick from an empty list');
      return chosen;
    },
    uuid: () => {
      const hex = keystoneId();
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
