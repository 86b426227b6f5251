/** Ids of OpenStack are 32 or 36 characters: the first of them tell two of one name apart. */
const ID_CHARACTERS = 8;

/** A name with its id, short: `payments (5f0c1a52)`. Without a name, the id as it is. */
export function named(id: string, name: string | null | undefined): string {
  if (name === null || name === undefined || name === '' || name === id) return id;
  return `${name} (${id.length > ID_CHARACTERS ? id.slice(0, ID_CHARACTERS) : id})`;
}
