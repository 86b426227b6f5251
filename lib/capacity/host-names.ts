/**
 * Every name by which a host may be told: its own, and what stands before the first dot where that is
 * of one host alone. Placement names hosts as the hypervisor does, often in full; Nova's aggregates and
 * samples name them as its service does, often short; and the other way round.
 */
export function hostsByName(names: readonly string[]): ReadonlyMap<string, string> {
  const full = new Set(names);
  const byShort = Map.groupBy(full, shortName);
  const known = new Map([...full].map((name) => [name, name]));
  for (const [short, own] of byShort) {
    const [only] = own;
    if (own.length === 1 && only !== undefined && !known.has(short)) known.set(short, only);
  }
  return known;
}

/** The host that a name means; null when it is none, or could be several. */
export function hostNamed(known: ReadonlyMap<string, string>, name: string): string | null {
  return known.get(name) ?? known.get(shortName(name)) ?? null;
}

function shortName(name: string): string {
  // An address is no name with a domain.
  return /^[\d.]+$/.test(name) ? name : (name.split('.')[0] ?? name);
}
