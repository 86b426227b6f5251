import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the cloud saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the next request to a path gets instead of its answer. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The answer stops after so many bytes, and the connection is cut. */
  readonly cutAfter?: number;
  readonly delayMs?: number;
}

export interface Server {
  readonly id: string;
  readonly project: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly startedAt: string;
  readonly endedAt?: string;
}

export interface Host {
  readonly name: string;
  readonly vcpus: number;
  readonly vcpusUsed: number;
  readonly memoryMib: number;
  readonly memoryMibUsed: number;
}

export interface Lease {
  readonly id: string;
  readonly project: string;
  readonly status: string;
  /** As Blazar writes it: 2026-12-26T12:00:00.000000. */
  readonly start: string;
  readonly end: string;
  /** Amount, vCPUs and MiB of instances, or the least and the most hosts. */
  readonly instances?: readonly [number, number, number];
  readonly hosts?: readonly [number, number];
}

export interface CloudOptions {
  readonly user?: string;
  readonly password?: string;
  readonly regions?: readonly string[];
  readonly tokenSeconds?: number;
  readonly now?: () => Date;
}

const UUID = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/**
 * A cloud over HTTP: Keystone, Nova, Gnocchi, Placement and Blazar with the shapes of their documented
 * answers, made of a few servers and hosts. It pages, refuses, stalls and breaks off as it is told.
 */
export async function recordedOpenStack(options: CloudOptions = {}) {
  const { user = 'headroom', password = 'correct horse' } = options;
  const { regions = ['RegionOne'], tokenSeconds = 3_600, now = () => new Date() } = options;
  const seen: Seen[] = [];
  const faults = new Map<string, Fault[]>();
  const tokens = new Set<string>();
  const servers: Server[] = [];
  const hosts: Host[] = [];
  const leases: Lease[] = [];
  let tokensGiven = 0;
  let answerGnocchi: (request: Seen) => unknown = () => [];

  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { method = '', headers } = request;
    const one: Seen = { method, path: pathname, query: searchParams, headers, body };
    seen.push(one);
    const fault = faults.get(pathname)?.shift();
    if (fault?.delayMs !== undefined) await new Promise((done) => setTimeout(done, fault.delayMs));
    const answer =
      fault?.status !== undefined
        ? { status: fault.status, text: fault.body ?? '', headers: fault.headers ?? {} }
        : answerTo(one);
    const type = { 'content-type': 'application/json' };
    const text = fault?.body ?? answer.text;
    if (fault?.cutAfter !== undefined) {
      response.writeHead(answer.status, { ...type, 'content-length': Buffer.byteLength(text) });
      response.write(text.slice(0, fault.cutAfter), () => request.socket.destroy());
      return;
    }
    response.writeHead(answer.status, { ...type, ...answer.headers }).end(text);
  }

  interface Reply {
    readonly status: number;
    readonly text: string;
    readonly headers: Readonly<Record<string, string>>;
  }

  function json(
    status: number,
    value: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Reply {
    return { status, text: JSON.stringify(value), headers };
  }

  function answerTo(request: Seen): Reply {
    if (request.path === '/identity/v3/auth/tokens') return token(request);
    if (!tokens.has(String(request.headers['x-auth-token']))) {
      return json(401, {
        error: { code: 401, message: 'The request you have made requires authentication.' },
      });
    }
    if (request.path === '/compute/v2.1/os-simple-tenant-usage') return usage(request);
    if (request.path === '/compute/v2.1/os-hypervisors/detail') return hypervisors(request);
    if (request.path === '/metric/v1/aggregates') return json(200, answerGnocchi(request));
    if (request.path === '/reservation/v1/leases') {
      return json(200, { leases: leases.map(blazarLease) });
    }
    if (request.path.startsWith('/placement/resource_providers')) return placement(request);
    return json(404, { message: `no ${request.path}` });
  }

  function token({ body }: Seen): Reply {
    const { identity } = JSON.parse(body).auth;
    const given = identity.password?.user ?? identity.application_credential;
    const isRight =
      (given.name === user && given.password === password) ||
      (given.id === user && given.secret === password);
    if (!isRight) {
      // A Keystone that repeats what it was sent is the worst that a pull can meet.
      return json(401, { error: { code: 401, message: `Invalid: ${body}` } });
    }
    tokensGiven += 1;
    const id = `token-${tokensGiven}`;
    tokens.add(id);
    const endpoints = (path: string) =>
      regions.flatMap((region) =>
        ['public', 'internal'].map((kind) => ({
          id: `${path}-${region}-${kind}`,
          interface: kind,
          region,
          region_id: region,
          url: `${url}${path}`,
        })),
      );
    const expires = new Date(now().getTime() + tokenSeconds * 1_000).toISOString();
    const catalog = [
      { type: 'identity', name: 'keystone', id: 'k', endpoints: endpoints('/identity') },
      { type: 'compute', name: 'nova', id: 'n', endpoints: endpoints('/compute/v2.1') },
      { type: 'metric', name: 'gnocchi', id: 'g', endpoints: endpoints('/metric') },
      { type: 'placement', name: 'placement', id: 'p', endpoints: endpoints('/placement') },
      { type: 'reservation', name: 'blazar', id: 'b', endpoints: endpoints('/reservation/v1') },
    ];
    return json(
      201,
      { token: { methods: ['password'], expires_at: expires, catalog } },
      { 'x-subject-token': id },
    );
  }

  /** Nova pages usage by instance: a tenant goes on on the next page. */
  function usage({ query, path }: Seen): Reply {
    const [start, stop] = [`${query.get('start')}Z`, `${query.get('end')}Z`].map(Date.parse) as [
      number,
      number,
    ];
    const inWindow = servers
      .filter(
        ({ startedAt, endedAt }) =>
          Date.parse(startedAt) < stop && (endedAt === undefined || Date.parse(endedAt) > start),
      )
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const { page, links } = paged(inWindow, query, path, ({ id }) => id);
    const byTenant = Map.groupBy(page, ({ project }) => project);
    const tenant_usages = [...byTenant].map(([tenant_id, list]) => ({
      tenant_id,
      start: naive(start),
      stop: naive(stop),
      ...totals(list, start, stop),
      server_usages: list.map((one) => ({
        instance_id: one.id,
        name: `server-${one.id.slice(-4)}`,
        tenant_id,
        flavor: `m1.x${one.vcpus}`,
        vcpus: one.vcpus,
        memory_mb: one.memoryMib,
        local_gb: 20,
        hours: hoursIn(one, start, stop),
        started_at: naive(Date.parse(one.startedAt)),
        ended_at: one.endedAt === undefined ? null : naive(Date.parse(one.endedAt)),
        state: one.endedAt === undefined ? 'active' : 'terminated',
        uptime: Math.floor((now().getTime() - Date.parse(one.startedAt)) / 1_000),
      })),
    }));
    return json(200, { tenant_usages, ...(links && { tenant_usages_links: links }) });
  }

  function totals(list: readonly Server[], start: number, stop: number) {
    const sum = (of: (one: Server) => number) =>
      list.reduce((total, one) => total + of(one) * hoursIn(one, start, stop), 0);
    return {
      total_hours: sum(() => 1),
      total_vcpus_usage: sum(({ vcpus }) => vcpus),
      total_memory_mb_usage: sum(({ memoryMib }) => memoryMib),
      total_local_gb_usage: sum(() => 20),
    };
  }

  function hypervisors({ query, path }: Seen): Reply {
    const all = hosts.map((host, index) => ({
      id: UUID(index + 1),
      hypervisor_hostname: host.name,
      hypervisor_type: 'QEMU',
      hypervisor_version: 6_002_000,
      state: 'up',
      status: 'enabled',
      cpu_info: { arch: 'x86_64', topology: { cores: 16, threads: 2, sockets: 2 } },
      vcpus: host.vcpus,
      vcpus_used: host.vcpusUsed,
      memory_mb: host.memoryMib,
      memory_mb_used: host.memoryMibUsed,
      local_gb: 1_000,
      local_gb_used: 20,
    }));
    const { page, links } = paged(all, query, path, ({ id }) => id);
    return json(200, { hypervisors: page, ...(links && { hypervisors_links: links }) });
  }

  function placement({ path }: Seen): Reply {
    const providers = hosts.map((host, index) => ({
      uuid: UUID(index + 1),
      name: host.name,
      host,
    }));
    const [, , , uuid, what] = path.split('/');
    if (uuid === undefined) {
      const disks = { uuid: UUID(9_999), name: 'shared-disks', generation: 1, links: [] };
      const list = providers.map(({ uuid: id, name }) => ({
        uuid: id,
        name,
        generation: 3,
        links: [],
      }));
      return json(200, { resource_providers: [...list, disks] });
    }
    const host = providers.find((one) => one.uuid === uuid)?.host;
    if (host === undefined) {
      if (uuid !== UUID(9_999)) return json(404, { errors: [{ status: 404, detail: 'gone' }] });
      return json(200, {
        resource_provider_generation: 1,
        inventories: { DISK_GB: inventory(500, 1) },
        usages: {},
      });
    }
    const inventories = {
      VCPU: inventory(host.vcpus, 16),
      MEMORY_MB: inventory(host.memoryMib, 1.2000000476837158),
    };
    const usages = { VCPU: host.vcpusUsed, MEMORY_MB: host.memoryMibUsed };
    return json(200, {
      resource_provider_generation: 3,
      ...(what === 'usages' ? { usages } : { inventories }),
    });
  }

  return {
    url,
    authUrl: `${url}/identity/v3`,
    seen,
    servers,
    hosts,
    leases,
    tokens,
    /** The next requests to the path get these instead of answers. */
    fail: (path: string, ...next: readonly Fault[]) =>
      faults.set(path, [...(faults.get(path) ?? []), ...next]),
    /** Forgets what was still to fail. */
    heal: () => faults.clear(),
    gnocchi: (answer: (request: Seen) => unknown) => {
      answerGnocchi = answer;
    },
    requestsTo: (path: string) => seen.filter((one) => one.path === path),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type RecordedOpenStack = Awaited<ReturnType<typeof recordedOpenStack>>;

/** As GET /v1/leases shows one (blazar api-ref), its reservations and events within. */
function blazarLease({ id, project, status, start, end, instances, hosts }: Lease) {
  const stamps = { created_at: '2026-11-01 10:00:00', updated_at: null };
  const reservation = {
    lease_id: id,
    status: status.toLowerCase(),
    missing_resources: false,
    resources_changed: false,
    ...stamps,
  };
  const [amount, vcpus, memory_mb] = instances ?? [];
  const [min, max] = hosts ?? [];
  return {
    id,
    name: `lease-${id}`,
    start_date: start,
    end_date: end,
    status,
    degraded: false,
    user_id: 'user-1',
    project_id: project,
    trust_id: 'trust-canary-5511',
    ...stamps,
    reservations: [
      ...(hosts
        ? [
            {
              ...reservation,
              id: `${id}-h`,
              resource_id: '1',
              resource_type: 'physical:host',
              min,
              max,
              hypervisor_properties: '[">=", "$vcpus", "4"]',
              resource_properties: '',
              before_end: 'default',
            },
          ]
        : []),
      ...(instances
        ? [
            {
              ...reservation,
              id: `${id}-i`,
              resource_id: '2',
              resource_type: 'virtual:instance',
              amount,
              vcpus,
              memory_mb,
              disk_gb: 20,
              affinity: false,
              resource_properties: '',
              flavor_id: `${id}-i`,
              server_group_id: 'group-1',
              aggregate_id: 11,
            },
          ]
        : []),
    ],
    events: [
      {
        id: `${id}-1`,
        lease_id: id,
        event_type: 'start_lease',
        time: start,
        status: 'UNDONE',
        ...stamps,
      },
      {
        id: `${id}-2`,
        lease_id: id,
        event_type: 'end_lease',
        time: end,
        status: 'UNDONE',
        ...stamps,
      },
    ],
  };
}

function inventory(total: number, allocation_ratio: number) {
  return { total, reserved: 0, min_unit: 1, max_unit: total, step_size: 1, allocation_ratio };
}

function hoursIn({ startedAt, endedAt }: Server, start: number, stop: number): number {
  const to = Math.min(stop, endedAt === undefined ? stop : Date.parse(endedAt));
  return Math.max(0, to - Math.max(start, Date.parse(startedAt))) / 3_600_000;
}

function naive(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000000`;
}

function paged<T>(
  all: readonly T[],
  query: URLSearchParams,
  path: string,
  idOf: (one: T) => string,
): { readonly page: readonly T[]; readonly links: readonly unknown[] | null } {
  const marker = query.get('marker');
  const limit = Number(query.get('limit') ?? 1_000);
  const from = marker === null ? 0 : all.findIndex((one) => idOf(one) === marker) + 1;
  const page = all.slice(from, from + limit);
  const last = page.at(-1);
  if (last === undefined || from + limit >= all.length) return { page, links: null };
  const next = new URLSearchParams(query);
  next.set('marker', idOf(last));
  // As behind a proxy: the name in the link is one that only the cloud itself knows.
  return { page, links: [{ rel: 'next', href: `http://nova.internal:8774${path}?${next}` }] };
}

/** An answer of POST /v1/aggregates with a value per hour and project. */
export function aggregatesOf(
  projects: Readonly<Record<string, (hour: Date) => number | null>>,
): (request: Seen) => unknown {
  return ({ query }) => {
    const [from, to] = [query.get('start') ?? '', query.get('stop') ?? ''].map(Date.parse) as [
      number,
      number,
    ];
    return Object.entries(projects).map(([project_id, valueAt]) => {
      const aggregated: (readonly [string, number, number | null])[] = [];
      for (let at = from; at < to; at += 3_600_000) {
        const hour = new Date(at);
        aggregated.push([hour.toISOString().replace('.000Z', '+00:00'), 3_600, valueAt(hour)]);
      }
      return { group: { project_id }, measures: { measures: { aggregated } } };
    });
  };
}
