import * as z from 'zod';
import { ProblemError } from '../errors.ts';
import type { OpenStackLogin } from '../ports/sources.ts';

const text = z.string().min(1);
/** Names as in clouds.yaml. `auth_url` ties the secret to one Keystone: it is sent to no other. */
const secretSchema = z.union([
  z.object({
    application_credential_id: text,
    application_credential_secret: text,
    auth_url: text.optional(),
  }),
  z.object({
    username: text,
    password: text,
    user_domain_name: text.default('Default'),
    project_name: text,
    project_domain_name: text.default('Default'),
    auth_url: text.optional(),
  }),
]);

const SHAPES =
  '{"username","password","user_domain_name","project_name","project_domain_name"} or {"application_credential_id","application_credential_secret"}';

/**
 * Whom to be, from the text of a secret. No message holds anything of that text: what JSON.parse
 * says of bad JSON quotes it.
 * @throws ProblemError `refused`
 */
export function loginOf(
  secret: string,
  { name, authUrl }: { readonly name: string; readonly authUrl: string },
): OpenStackLogin {
  const parsed = secretSchema.safeParse(parseQuietly(secret));
  if (!parsed.success) {
    throw new ProblemError('refused', `The secret "${name}" is not JSON of the form ${SHAPES}.`);
  }
  const { data } = parsed;
  if (data.auth_url !== undefined && !sameServer(data.auth_url, authUrl)) {
    throw new ProblemError(
      'refused',
      `The secret "${name}" is for another Keystone than ${authUrl}: its auth_url says so. Nothing was sent.`,
    );
  }
  if ('application_credential_id' in data) {
    const { application_credential_id: id, application_credential_secret } = data;
    return { kind: 'application-credential', id, secret: application_credential_secret };
  }
  return {
    kind: 'password',
    username: data.username,
    password: data.password,
    userDomain: data.user_domain_name,
    project: data.project_name,
    projectDomain: data.project_domain_name,
  };
}

function parseQuietly(secret: string): unknown {
  try {
    return JSON.parse(secret);
  } catch {
    return undefined;
  }
}

function sameServer(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
}
