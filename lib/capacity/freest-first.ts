import type { Room } from './packing.ts';

interface Entry {
  readonly room: Room;
  readonly order: number;
  /** MiB. */
  ram: number;
}

/** Rooms by free RAM, the most first; of two with as much, the one that was given first. */
export class FreestFirst {
  readonly #heap: Entry[];

  constructor(rooms: readonly Room[]) {
    this.#heap = rooms
      .map((room, order) => ({ room, order, ram: ramOf(room) }))
      .sort((a, b) => b.ram - a.ram || a.order - b.order);
  }

  /** Claims in the first room that `fits`. @returns whether there was one */
  place(fits: (room: Room) => boolean, claim: (room: Room) => void): boolean {
    const passed: Entry[] = [];
    let isPlaced = false;
    for (let top = this.#take(); top !== undefined; top = this.#take()) {
      passed.push(top);
      if (!fits(top.room)) continue;
      claim(top.room);
      top.ram = ramOf(top.room);
      isPlaced = true;
      break;
    }
    for (const one of passed) this.#put(one);
    return isPlaced;
  }

  #take(): Entry | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top === undefined || last === undefined || this.#heap.length === 0) return top;
    this.#heap[0] = last;
    this.#sink(0);
    return top;
  }

  #put(entry: Entry): void {
    this.#heap.push(entry);
    let index = this.#heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let first = index;
      if (this.#isBefore(left, first)) first = left;
      if (this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return false;
    return x.ram > y.ram || (x.ram === y.ram && x.order < y.order);
  }

  #swap(a: number, b: number): void {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }
}

function ramOf({ free }: Room): number {
  return free.get('MEMORY_MB') ?? 0;
}
