/** A test runner of twenty lines: the files beside it register tests, tests/js/test_units.py calls them by name. */
const tests = new Map();
globalThis.runTest = async (name) => {
  const found = tests.get(name);
  if (!found) throw new Error(`no test is called “${name}”`);
  await found.run();
};

/** @param {string} file the tests that it registered, found by the stack of their registration */
globalThis.testNames = (file) => [...tests].filter(([, { from }]) => from.includes(`/${file}`)).map(([name]) => name);

export function test(name, run) {
  if (tests.has(name)) throw new Error(`two tests are called “${name}”`);
  tests.set(name, { run, from: new Error().stack ?? "" });
}

/** Deep equality by JSON, in the order of keys as written. */
export function equal(actual, expected, about = "") {
  const [a, b] = [actual, expected].map((each) => JSON.stringify(each, null, 1));
  if (a !== b) throw new Error(`${about}\nexpected ${b}\n but got ${a}`);
}

export function ok(value, about) {
  if (!value) throw new Error(about);
}
