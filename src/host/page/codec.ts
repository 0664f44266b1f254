// Text for values that cross from one world to another (page, preload, main process).
// Plain JSON, which is nearly everything that crosses, takes one check and one JSON.stringify; anything else
// (undefined, Date, bytes, Map, bigint, NaN, errors) is written as a tagged tree. What structured clone refuses
// is refused here too. The function is sent to the page as source text: it must not use anything outside itself.

/** Packs what structured clone cannot carry (functions, promises of the context bridge). */
export interface CodecExtension {
  pack(value: object): readonly [tag: string, payload: unknown] | undefined;
  unpack(tag: string, payload: unknown): unknown;
}

export interface Codec {
  /** Throws 'An object could not be cloned.' for functions, symbols, promises and cycles. */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export type CreateCodec = (extension?: CodecExtension) => Codec;

export function createCodec(extension?: CodecExtension): Codec {
  const tagKey = '$tag';
  const deepestLevel = 200;
  const typedArrays: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
    Int8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };

  const refuse = (): never => {
    throw new Error('An object could not be cloned.');
  };

  const isPlain = (value: unknown, level: number): boolean => {
    if (typeof value === 'string' || typeof value === 'boolean') return true;
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
    if (typeof value !== 'object') return false;
    if (value === null) return true;
    if (level > deepestLevel) return refuse();
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) if (!isPlain(value[index], level + 1)) return false;
      return true;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
    if (tagKey in value) return false;
    for (const key in value) if (!isPlain((value as Record<string, unknown>)[key], level + 1)) return false;
    return true;
  };

  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
  const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
    return bytes;
  };

  const packBytes = (value: object): readonly [string, unknown] | undefined => {
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      const name = Object.prototype.toString.call(value).slice(8, -1);
      return name === 'Uint8Array' ? ['bytes', toBase64(bytes)] : ['typed', [name, toBase64(bytes)]];
    }
    if (value instanceof ArrayBuffer) return ['buffer', toBase64(new Uint8Array(value))];
    return undefined;
  };

  const packObject = (value: object, level: number): readonly [string, unknown] | undefined => {
    const extended = extension?.pack(value);
    if (extended !== undefined) return extended;
    if (typeof value === 'function' || value instanceof Promise || value instanceof WeakMap) return refuse();
    if (value instanceof Date) return ['date', value.getTime()];
    if (value instanceof Map)
      return ['map', [...value].map(([key, item]) => [toTree(key, level), toTree(item, level)])];
    if (value instanceof Set) return ['set', [...value].map((item) => toTree(item, level))];
    if (value instanceof RegExp) return ['regexp', [value.source, value.flags]];
    if (value instanceof Error) return ['error', [value.name, value.message, value.stack ?? '']];
    return packBytes(value);
  };

  const packScalar = (value: unknown): readonly [string, unknown] | undefined => {
    if (value === undefined) return ['undefined', 0];
    if (typeof value === 'bigint') return ['bigint', value.toString()];
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
      return ['number', Object.is(value, -0) ? '-0' : String(value)];
    if (typeof value === 'symbol') return refuse();
    return undefined;
  };

  const toTree = (value: unknown, level: number): unknown => {
    if (level > deepestLevel) return refuse();
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (Array.isArray(value)) return Array.from(value, (item) => toTree(item, level + 1));
    const packed = isObject ? packObject(value, level + 1) : packScalar(value);
    if (packed !== undefined) return { [tagKey]: packed[0], value: packed[1] };
    if (!isObject) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, toTree(item, level + 1)]);
    return tagKey in value ? { [tagKey]: 'entries', value: entries } : Object.fromEntries(entries);
  };

  const unpack = (tag: string, payload: unknown): unknown => {
    const pair = payload as [string, string, string];
    switch (tag) {
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(payload as string);
      case 'number':
        return Number(payload);
      case 'date':
        return new Date(payload as number);
      case 'bytes':
        return fromBase64(payload as string);
      case 'buffer':
        return fromBase64(payload as string).buffer;
      case 'typed': {
        const Type = typedArrays[pair[0]];
        return Type === undefined ? refuse() : new Type(fromBase64(pair[1]).buffer);
      }
      case 'map':
        return new Map((payload as [unknown, unknown][]).map(([key, item]) => [fromTree(key), fromTree(item)]));
      case 'set':
        return new Set((payload as unknown[]).map((item) => fromTree(item)));
      case 'regexp':
        return new RegExp(pair[0], pair[1]);
      case 'entries':
        return Object.fromEntries((payload as [string, unknown][]).map(([key, item]) => [key, fromTree(item)]));
      case 'error': {
        const error = new Error(pair[1]);
        if (pair[0] !== 'Error') error.name = pair[0];
        error.stack = pair[2];
        return error;
      }
      default:
        return extension === undefined ? refuse() : extension.unpack(tag, payload);
    }
  };

  const fromTree = (tree: unknown): unknown => {
    if (typeof tree !== 'object' || tree === null) return tree;
    if (Array.isArray(tree)) return tree.map((item) => fromTree(item));
    const record = tree as Record<string, unknown>;
    if (tagKey in record) return unpack(record[tagKey] as string, record['value']);
    return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, fromTree(item)]));
  };

  return {
    encode: (value) => (isPlain(value, 0) ? `j${JSON.stringify(value)}` : `t${JSON.stringify(toTree(value, 0))}`),
    decode: (text) => {
      const parsed: unknown = JSON.parse(text.slice(1));
      return text.startsWith('j') ? parsed : fromTree(parsed);
    },
  };
}
