// Numbers of 16 bits as those bits, which is how arrays hold them. Half precision (IEEE 754 binary16) has a sign, 5 bits of exponent and 10
// of fraction; bfloat16 is the upper half of a float32.

const fractions = 1024;
/** The exponent of the smallest numbers, which have no leading one. */
const least = -14;

/** The number that 16 bits stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return (sign * fraction * 2 ** least) / fractions;
  return sign * (1 + fraction / fractions) * 2 ** (exponent - 15);
}

/** The bits of the half nearest to a number, of two that are equally near the even one. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // Halfway to what would follow the largest half, 65,504.
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = size === 0 ? least : Math.max(least, Math.floor(Math.log2(size)));
  const count = (size / 2 ** exponent) * fractions;
  const below = Math.floor(count);
  const odd = below % 2 === 1;
  const rest = count - below;
  const rounded = rest > 0.5 || (rest === 0.5 && odd) ? below + 1 : below;
  // A carry out of the fraction goes into the exponent, as it should.
  return sign | ((exponent - least) * fractions + rounded);
}

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The number that the 16 bits of a bfloat16 stand for. */
export function bfloatToNumber(bits: number): number {
  word[0] = bits << 16;
  return float[0] ?? 0;
}

/** The bits of the bfloat16 nearest to a number's float32, of two that are equally near the even one. */
export function numberToBfloat(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  float[0] = value;
  const bits = word[0] ?? 0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}
