/**
 * Names that are put together from the same few parts again and again: each is made once, and found by its parts from then on.
 * A string that is made anew has to be hashed and looked up before it can serve as a key, which a busy run notices.
 */

/** `make`, remembering what it returned for each pair of parts. For pure functions of names that are few. */
export function remembered<Name extends string>(make: (a: string, b: string) => Name): (a: string, b: string) => Name {
  const known = new Map<string, Map<string, Name>>();
  return (a, b) => {
    let names = known.get(a);
    if (names === undefined) {
      names = new Map();
      known.set(a, names);
    }
    let name = names.get(b);
    if (name === undefined) {
      name = make(a, b);
      names.set(b, name);
    }
    return name;
  };
}
