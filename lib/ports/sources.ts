/** What a pull put into the landing bucket. */
export interface PulledObject {
  readonly key: string;
  readonly ingestId: string;
  readonly sizeBytes: number;
  /** False when a pull before had put the very same answer. */
  readonly isNew: boolean;
}

export interface SourceRun {
  /** Names the run for who asked for it. */
  readonly id: string;
  /** `schedule`, or who asked for it. */
  readonly actor: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** `stopped`: there was no time left; it goes on at the next tick from where it came to. */
  readonly outcome: 'succeeded' | 'failed' | 'stopped';
  /** Windows of time that were asked for, or 1 for a snapshot. */
  readonly windows: number;
  /** HTTP requests, repetitions and tokens included. */
  readonly requests: number;
  /** Objects in all, and of them those that were not there before. */
  readonly objectCount: number;
  readonly newObjectCount: number;
  /** The last of them. */
  readonly objects: readonly PulledObject[];
  /** In words, without any secret; null unless it failed. */
  readonly error: string | null;
  readonly warnings: readonly string[];
}

/** What is known of the pulls of one source. */
export interface SourceState {
  readonly id: string;
  /** Of the settings that decide what the source is asked; with others it starts anew. */
  readonly fingerprint: string;
  /** RFC 3339: everything before was pulled. Null before the first window, and for snapshots. */
  readonly pulledUntil: string | null;
  /** By which `nextDueAt` was found. */
  readonly schedule: string;
  /** RFC 3339; null when its schedule has no more times. */
  readonly nextDueAt: string | null;
  readonly lastSuccessAt: string | null;
  /** Failed runs since the last that did not. */
  readonly failures: number;
  readonly lastRun: SourceRun | null;
}

/** The right to pull a source: one has it at a time. */
export interface SourceLease {
  readonly id: string;
  readonly token: string;
}

export interface SourceStates {
  /** Null when the source was never pulled. */
  get(id: string): Promise<SourceState | null>;
  /** Sorted by id; those of sources that are gone included. */
  list(): Promise<readonly SourceState[]>;
  /** Null while another has it. */
  lease(
    id: string,
    options: { readonly now: Date; readonly seconds: number },
  ): Promise<SourceLease | null>;
  /** False when the lease is lost. */
  extend(
    lease: SourceLease,
    options: { readonly now: Date; readonly seconds: number },
  ): Promise<boolean>;
  /** Writes nothing and gives false when another has taken the lease since. */
  save(lease: SourceLease, state: SourceState): Promise<boolean>;
  release(lease: SourceLease): Promise<void>;
}

/** A service of OpenStack by its type in the catalogue. */
export type OpenStackService = 'compute' | 'metric' | 'placement' | 'reservation';

export interface OpenStackRequest {
  readonly service: OpenStackService;
  readonly method: 'GET' | 'POST';
  /** Behind the endpoint of the catalogue: `/os-hypervisors/detail`. */
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests to one cloud as one user: finds the endpoints, gets and renews the token. */
export interface OpenStackSession {
  /**
   * @returns the text of an answer of status 2xx
   * @throws SourceFault that says whether to ask again
   */
  ask(request: OpenStackRequest): Promise<string>;
  /** HTTP requests so far. */
  readonly requests: () => number;
}

/** Whom to be, from the secret. */
export type OpenStackLogin =
  | {
      readonly kind: 'password';
      readonly username: string;
      readonly password: string;
      readonly userDomain: string;
      readonly project: string;
      readonly projectDomain: string;
    }
  | { readonly kind: 'application-credential'; readonly id: string; readonly secret: string };

export interface SessionOptions {
  readonly authUrl: string;
  readonly login: OpenStackLogin;
  readonly interface: 'public' | 'internal' | 'admin';
  /** Region in the catalogue; null takes the only one. */
  readonly openstackRegion: string | null;
  /** Certificates, PEM, that are trusted besides those of the system; null for none. */
  readonly caCertificate: string | null;
  /** Epoch milliseconds after which nothing more is asked. */
  readonly deadlineMs: number;
}

export type OpenSession = (options: SessionOptions) => OpenStackSession;

/** Sends work on its way to the function that pulls. */
export interface PullRequests {
  request(pull: PullRequest, delaySeconds?: number): Promise<void>;
}

export interface PullRequest {
  readonly source: string;
  readonly run: string;
  readonly actor: string;
  /** RFC 3339: when it was asked for, or was due. */
  readonly requestedAt: string;
  readonly isScheduled: boolean;
}
