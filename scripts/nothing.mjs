/** Stands for packages that Ink brings and the console does without (scripts/build.mjs). */
export default function nothing() {}
