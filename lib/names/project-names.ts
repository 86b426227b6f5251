import type { NameKind, NameStore } from '../ports/names.ts';

/** What the projects of some lines are called, by id; only those that have a name. */
export type ProjectNames = Readonly<Record<string, string>>;

export function projectNames(
  names: Pick<NameStore, 'find'>,
  lines: Iterable<{ readonly project: string }>,
): Promise<ProjectNames> {
  return namesOf(
    names,
    'project',
    [...lines].map(({ project }) => project),
  );
}

export async function namesOf(
  names: Pick<NameStore, 'find'>,
  kind: NameKind,
  ids: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  // Lines of a discount or a minimum have no project.
  const wanted = [...new Set(ids)].filter((id) => id !== '');
  if (wanted.length === 0) return {};
  const found = await names.find(kind, wanted);
  return Object.fromEntries([...found.values()].map(({ id, name }) => [id, name]));
}

/** Of the names those of the lines' own projects: a bill says nothing of others. */
export function namesIn(
  names: ProjectNames,
  lines: readonly { readonly project: string }[],
): ProjectNames {
  const own = new Set(lines.map(({ project }) => project));
  return Object.fromEntries(Object.entries(names).filter(([id]) => own.has(id)));
}

/** The line with the name of its project beside it, where there is one. */
export function withProjectName<T extends { readonly project: string }>(
  line: T,
  names: ProjectNames,
): T & { readonly projectName?: string } {
  const projectName = Object.hasOwn(names, line.project) ? names[line.project] : undefined;
  return projectName === undefined ? line : { ...line, projectName };
}
