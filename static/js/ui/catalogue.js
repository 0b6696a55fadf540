/**
 * Words in the page's language (docs/i18n.md). The catalogue is a script of its own that runs before every module;
 * without one, as in a test of plain functions, the English of the source stands.
 */

/**
 * @typedef {object} Catalogue What Django's script leaves behind.
 * @property {(sentence: string) => string} gettext
 * @property {(one: string, many: string, count: number) => string} ngettext
 * @property {(context: string, sentence: string) => string} pgettext
 * @property {(context: string, one: string, many: string, count: number) => string} npgettext
 */
const catalogue = /** @type {{django?: Catalogue}} */ (globalThis).django;

/** @param {number} count @param {string} one @param {string} many */
const english = (count, one, many) => (count === 1 ? one : many);

/** @type {(sentence: string) => string} */
export const gettext = catalogue?.gettext ?? ((sentence) => sentence);

/** @type {(one: string, many: string, count: number) => string} */
export const ngettext = catalogue?.ngettext ?? ((one, many, count) => english(count, one, many));

/** For what is one word in English and several in other languages. @type {(context: string, sentence: string) => string} */
export const pgettext = catalogue?.pgettext ?? ((_context, sentence) => sentence);

/** @type {(context: string, one: string, many: string, count: number) => string} */
export const npgettext = catalogue?.npgettext ?? ((_context, one, many, count) => english(count, one, many));

const isRightToLeft = globalThis.document?.documentElement.dir === "rtl";

/** Kept together, whatever its own direction, in a sentence that runs from right to left. @param {string | number} value */
const isolated = (value) => (isRightToLeft ? `\u2068${value}\u2069` : String(value));

/**
 * A sentence with its values in place of its names: filled(gettext("{name} raised a hand"), { name }).
 * @param {string} sentence @param {Record<string, string | number>} values
 */
export const filled = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? isolated(values[name] ?? "") : whole));

/**
 * A sentence of the form its count asks for: counted(ngettext("{count} reply", "{count} replies", count), count).
 * @param {string} sentence @param {number} count @param {Record<string, string | number>} [values]
 */
export const counted = (sentence, count, values) => filled(sentence, { count: number(count), ...values });

/** Of the page, as in `<html lang>`. */
export const language = globalThis.document?.documentElement.lang || "en";

/** What `Intl` is asked for: English is written as in Europe, with the day first and 24 hours. */
export const locale = language === "en" ? "en-GB" : language;

/** @param {number} value @param {Intl.NumberFormatOptions} [how] */
export const number = (value, how) => value.toLocaleString(locale, how);

/** "Ash, Birch and Maple" @param {string[]} each */
export const listed = (each) => new Intl.ListFormat(locale, { type: "conjunction" }).format(each);
