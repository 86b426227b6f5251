import * as z from 'zod';
import type { OpenStackLogin } from '../../ports/sources.ts';
import { SourceFault } from '../../sources/source-fault.ts';
import { type Catalogue, catalogueSchema } from './catalogue.ts';
import type { HttpAnswer } from './http.ts';

export interface Token {
  readonly id: string;
  readonly expiresAtMs: number;
  readonly catalogue: Catalogue;
}

const tokenSchema = z.object({
  token: z.object({ expires_at: z.string(), catalog: catalogueSchema.default([]) }),
});

/** Of a Keystone that is given with or without its version. */
export function tokensUrl(authUrl: string): URL {
  const url = new URL(authUrl);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = `${path.endsWith('/v3') ? path : `${path}/v3`}/auth/tokens`;
  return url;
}

/** Body of POST /v3/auth/tokens (identity api-ref): a token of one project. */
export function authBody(login: OpenStackLogin): string {
  if (login.kind === 'application-credential') {
    const { id, secret } = login;
    return JSON.stringify({
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id, secret },
        },
      },
    });
  }
  const { username: name, password, userDomain, project, projectDomain } = login;
  return JSON.stringify({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name, password, domain: { name: userDomain } } },
      },
      scope: { project: { name: project, domain: { name: projectDomain } } },
    },
  });
}

/** @throws SourceFault that quotes nothing of the answer: it may repeat what was sent */
export function tokenOf(answer: HttpAnswer, place: string): Token {
  if (answer.status !== 201) throw refused(answer.status, place);
  const id = answer.headers['x-subject-token'];
  const parsed = tokenSchema.safeParse(parse(answer.text));
  if (typeof id !== 'string' || !parsed.success) {
    throw new SourceFault('passing', `${place} gave no token that can be read.`);
  }
  const { expires_at, catalog } = parsed.data.token;
  const expiresAtMs = Date.parse(expires_at);
  return { id, expiresAtMs: Number.isNaN(expiresAtMs) ? 0 : expiresAtMs, catalogue: catalog };
}

function refused(status: number, place: string): SourceFault {
  if (status === 401) {
    return new SourceFault(
      'final',
      `${place} refused the credentials of the secret (401): look at user, domain, project and password, or whether the application credential has expired.`,
      { status },
    );
  }
  return new SourceFault(
    'final',
    `${place} answered ${status} to a request for a token. Is it the address of Keystone v3?`,
    { status },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
