import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { AssemblyProblem } from './problem.ts';

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  Condition: z.string().optional(),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.unknown()).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
});

const assetsSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string().optional(), packaging: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export type Template = z.infer<typeof templateSchema>;

export interface Stack {
  readonly name: string;
  /** Region of its environment; null when the stack names none. */
  readonly region: string | null;
  readonly template: Template;
}

/** A cloud assembly as `cdk synth` writes it. */
export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly Stack[];
  /** Directory or file of an asset, by the object key that templates name (`<hash>.zip`). */
  readonly assets: ReadonlyMap<string, string>;
}

/** @throws AssemblyProblem when the directory is no cloud assembly */
export function readAssembly(path: string): Assembly {
  const directory = resolve(path);
  const stacks: Stack[] = [];
  const assets = new Map<string, string>();
  collect(directory, stacks, assets);
  if (stacks.length === 0) throw new AssemblyProblem(`${directory} holds no stack: run cdk synth`);
  return { directory, stacks, assets };
}

function collect(directory: string, stacks: Stack[], assets: Map<string, string>): void {
  const manifest = readJson(join(directory, 'manifest.json'), manifestSchema);
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const file = (name: string) => join(directory, String(artifact.properties?.[name]));
    if (artifact.type === 'aws:cloudformation:stack') {
      stacks.push({
        name: String(artifact.properties?.['stackName'] ?? id),
        region: regionOf(artifact.environment),
        template: readJson(file('templateFile'), templateSchema),
      });
    } else if (artifact.type === 'cdk:asset-manifest') {
      addAssets(directory, file('file'), assets);
    } else if (artifact.type === 'cdk:cloud-assembly') {
      collect(file('directoryName'), stacks, assets);
    }
  }
}

function addAssets(directory: string, file: string, assets: Map<string, string>): void {
  for (const asset of Object.values(readJson(file, assetsSchema).files)) {
    if (asset.source.path === undefined) continue;
    for (const destination of Object.values(asset.destinations)) {
      assets.set(destination.objectKey, resolve(directory, asset.source.path));
    }
  }
}

function readJson<T extends z.ZodType>(file: string, schema: T): z.infer<T> {
  if (!existsSync(file)) {
    throw new AssemblyProblem(`${file} is missing: is this the output directory of cdk synth?`);
  }
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new AssemblyProblem(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** `aws://123456789012/eu-west-1`; unknown-region where the app leaves it open. */
function regionOf(environment: string | undefined): string | null {
  const region = environment?.split('/').at(-1);
  return region === undefined || region === 'unknown-region' ? null : region;
}

/** The directory of a function's code. */
export function assetDirectory(assembly: Assembly, objectKey: string): string | null {
  const path = assembly.assets.get(objectKey);
  return path !== undefined && existsSync(path) && statSync(path).isDirectory() ? path : null;
}
