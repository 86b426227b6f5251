import { compareText } from '../identifiers.ts';
import type { HostCapacity, HostInventory } from '../ports/capacity-store.ts';
import {
  type Amounts,
  notAPlacementAnswer,
  type ResourceProvider,
  readPlacementAnswer,
  sumAmounts,
} from './placement-answers.ts';
import {
  canJoin,
  hostTwice,
  join,
  type Provider,
  together,
  withUsage,
} from './placement-providers.ts';
import { excerpt, ObjectRefused } from './refusal.ts';

/** What an envelope says of an answer, and the answer. */
export interface EnvelopedAnswer {
  readonly resourceProvider?: string | undefined;
  readonly project?: string | undefined;
  readonly consumer?: string | undefined;
  readonly body: unknown;
}

/** Hosts as the answers of one object tell of them, which name the same provider by uuid or by name. */
export class PlacementHosts {
  readonly #providers = new Map<string, Provider>();
  readonly #known = new Map<string, ResourceProvider>();
  readonly #consumers = new Set<string>();
  /** What each project holds. */
  readonly #projects = new Map<string, Amounts>();

  /** @throws ObjectRefused when the body is no answer that fits the envelope, or tells a thing twice */
  add(answer: EnvelopedAnswer, line: number): void {
    const { resourceProvider, project, consumer, body } = answer;
    const told = readPlacementAnswer(body);
    if (told?.kind === 'providers') {
      for (const provider of told.providers) this.#known.set(provider.uuid, provider);
    } else if (resourceProvider !== undefined && told) this.#addProvider(answer, line);
    else if (project !== undefined && (told?.kind === 'usages' || told?.kind === 'usages by type'))
      this.#addProject(project, told.usages, line);
    else if (consumer !== undefined && told?.kind === 'allocations')
      this.#addConsumer(consumer, told.allocations, line);
    else throw notAPlacementAnswer(line);
  }

  /** Whether any answer told of a host. */
  get tellsOfHosts(): boolean {
    return this.#providers.size > 0;
  }

  /** What each project holds, of those that answers told of. */
  get projects(): ReadonlyMap<string, Amounts> {
    return this.#projects;
  }

  /** @throws ObjectRefused where a host's usage is told without what it has */
  hosts(): HostCapacity[] {
    const hosts = new Map<string, Record<string, HostInventory>>();
    const isNested = (id: string) => (this.#hostOf(id) === this.#nameOf(id) ? 0 : 1);
    // Roots come first, so that what is nested in them finds them, whatever the order of the rows.
    for (const [id, provider] of [...this.#named()].toSorted(
      ([a], [b]) => isNested(a) - isNested(b) || compareText(this.#nameOf(a), this.#nameOf(b)),
    )) {
      const own = withUsage(this.#nameOf(id), provider);
      const present = hosts.get(this.#hostOf(id));
      if (present && canJoin(present, own)) join(present, own);
      else hosts.set(present ? this.#nameOf(id) : this.#hostOf(id), { ...own });
    }
    const traits = this.#traits();
    return [...hosts].map(([host, inventories]) => {
      const own = traits.get(host);
      return { host, inventories, ...(own ? { traits: own } : {}) };
    });
  }

  /** By host, with those of what is nested in it. */
  #traits(): ReadonlyMap<string, readonly string[]> {
    const traits = new Map<string, readonly string[]>();
    for (const [id, provider] of this.#named()) {
      const host = this.#hostOf(id);
      if (provider.traits === null) continue;
      traits.set(host, [...new Set([...(traits.get(host) ?? []), ...provider.traits])].sort());
    }
    return traits;
  }

  #addProvider({ resourceProvider = '', body }: EnvelopedAnswer, line: number): void {
    const provider = this.#provider(resourceProvider);
    const told = readPlacementAnswer(body);
    const twice = () => hostTwice(resourceProvider, line);
    if (told?.kind === 'inventories') {
      if (provider.inventories !== null) throw twice();
      provider.inventories = told.inventories;
    } else if (told?.kind === 'usages') {
      if (provider.usages !== null) throw twice();
      provider.usages = told.usages;
    } else if (told?.kind === 'allocations') {
      if (provider.allocated !== null) throw twice();
      provider.allocated = sumAmounts([...told.allocations.values()]);
    } else if (told?.kind === 'traits') {
      if (provider.traits !== null) throw twice();
      provider.traits = told.traits;
    } else throw notAPlacementAnswer(line);
  }

  #addProject(project: string, usages: Amounts, line: number): void {
    if (this.#projects.has(project)) throw toldTwice('project', project, line);
    this.#projects.set(project, usages);
  }

  #addConsumer(consumer: string, allocations: ReadonlyMap<string, Amounts>, line: number): void {
    if (this.#consumers.has(consumer)) throw toldTwice('consumer', consumer, line);
    this.#consumers.add(consumer);
    for (const [id, amounts] of allocations) this.#provider(id).consumed.push(amounts);
  }

  #provider(id: string): Provider {
    const provider = this.#providers.get(id) ?? {
      inventories: null,
      usages: null,
      allocated: null,
      consumed: [],
      traits: null,
    };
    this.#providers.set(id, provider);
    return provider;
  }

  /** By one id each: an envelope may name a provider by its uuid, and the next by its name. */
  #named(): Map<string, Provider> {
    const uuids = new Map([...this.#known.values()].map(({ uuid, name }) => [name, uuid]));
    const named = new Map<string, Provider>();
    for (const [given, provider] of this.#providers) {
      const id = uuids.get(given) ?? given;
      const present = named.get(id);
      named.set(id, present ? together(this.#nameOf(id), present, provider) : provider);
    }
    return named;
  }

  #nameOf(id: string): string {
    return this.#known.get(id)?.name ?? id;
  }

  /** Of a nested provider the name of its root, where the list has it. */
  #hostOf(id: string): string {
    const root = this.#known.get(id)?.rootUuid;
    return root !== undefined && this.#known.has(root) ? this.#nameOf(root) : this.#nameOf(id);
  }
}

function toldTwice(what: 'project' | 'consumer', id: string, line: number): ObjectRefused {
  return new ObjectRefused(
    `${what}_twice`,
    `The ${what} "${excerpt(id)}" at line ${line} is in the object already, and would count twice. Put one observation of each ${what} into an object.`,
  );
}
