import * as z from 'zod';
import type { OpenStackService } from '../../ports/sources.ts';
import { SourceFault } from '../../sources/source-fault.ts';

const endpointSchema = z.object({
  interface: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
  url: z.string(),
});

/** As Keystone sends it with a token (identity api-ref v3). */
export const catalogueSchema = z.array(
  z.object({ type: z.string(), endpoints: z.array(endpointSchema) }),
);
export type Catalogue = z.infer<typeof catalogueSchema>;

export interface Choice {
  readonly interface: string;
  /** Null takes the only region. */
  readonly openstackRegion: string | null;
}

/**
 * Where a service is.
 * @throws SourceFault that names what the catalogue has instead
 */
export function endpointOf(
  catalogue: Catalogue,
  service: OpenStackService,
  choice: Choice,
): string {
  const endpoints = catalogue
    .filter(({ type }) => type === service)
    .flatMap((entry) => entry.endpoints);
  if (endpoints.length === 0) {
    const types = listOf(catalogue.map(({ type }) => type));
    throw final(`The service catalogue has no "${service}"; it has: ${types}.`);
  }
  const ofInterface = endpoints.filter((endpoint) => endpoint.interface === choice.interface);
  if (ofInterface.length === 0) {
    const interfaces = listOf(endpoints.map((endpoint) => endpoint.interface));
    throw final(
      `The service catalogue has no ${choice.interface} endpoint of "${service}"; set "interface" to one of: ${interfaces}.`,
    );
  }
  const found = ofInterface.filter((endpoint) => isOfRegion(endpoint, choice.openstackRegion));
  const regions = listOf(ofInterface.map(regionOf));
  if (found.length === 0) {
    throw final(
      `The service catalogue has "${service}" in the regions ${regions}, and not in "${choice.openstackRegion}": set "openstackRegion".`,
    );
  }
  if (new Set(found.map(regionOf)).size > 1) {
    throw final(
      `The service catalogue has "${service}" in several regions (${regions}): set "openstackRegion" to one of them.`,
    );
  }
  const url = found[0]?.url ?? '';
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw final(`The service catalogue has no address for "${service}" that can be asked.`);
  }
  return url.replace(/\/+$/, '');
}

type Endpoint = z.infer<typeof endpointSchema>;

function isOfRegion(endpoint: Endpoint, wanted: string | null): boolean {
  return wanted === null || endpoint.region_id === wanted || endpoint.region === wanted;
}

function regionOf({ region, region_id }: Endpoint): string {
  return region_id ?? region ?? 'none';
}

function listOf(names: readonly string[]): string {
  return [...new Set(names)].toSorted().slice(0, 20).join(', ') || 'nothing';
}

function final(message: string): SourceFault {
  return new SourceFault('final', message);
}
