import { z } from 'zod';
import { UnrollError } from '../../protocol/errors';
import { type GetOptions, getJson } from './httpGet';

// The NuGet server API, version 3: a service index names the resources; packages lie at addresses made of their id and version,
// and the catalogue holds each one's checksum. https://learn.microsoft.com/nuget/api/overview

const indexSchema = z.object({ resources: z.array(z.object({ '@id': z.string(), '@type': z.string() })) });
const registrationSchema = z.object({ catalogEntry: z.string() });
const entrySchema = z.object({ packageHash: z.string(), packageHashAlgorithm: z.literal('SHA512') });

const packages = /^PackageBaseAddress\/3/;
const registrations = /^RegistrationsBaseUrl/;

/** A package of a feed. */
export interface Package {
  readonly id: string;
  readonly version: string;
}

/**
 * Where a package is downloaded.
 * @param feed the address of a service index, which ends in `.json`, or of a folder with packages in NuGet's layout.
 * @throws UnrollError `network`.
 */
export async function packageUrl(feed: string, { id, version }: Package, options: GetOptions): Promise<string> {
  const base = /\.json$/.test(feed) ? await resource(feed, packages, options) : feed;
  const name = id.toLowerCase();
  return `${withSlash(base)}${name}/${version}/${name}.${version}.nupkg`;
}

/** SHA-512 of a package in base64, as a feed's catalogue publishes it. @throws UnrollError `network`. */
export async function publishedSha512(feed: string, { id, version }: Package, options: GetOptions): Promise<string> {
  const base = await resource(feed, registrations, options);
  const leaf = `${withSlash(base)}${id.toLowerCase()}/${version}.json`;
  const { catalogEntry } = await checked(leaf, registrationSchema, options);
  return (await checked(catalogEntry, entrySchema, options)).packageHash;
}

async function resource(feed: string, type: RegExp, options: GetOptions): Promise<string> {
  const { resources } = await checked(feed, indexSchema, options);
  const found = resources.find((entry) => type.test(entry['@type']));
  if (found === undefined) throw noFeed(feed);
  return found['@id'];
}

async function checked<T extends z.ZodType>(url: string, schema: T, options: GetOptions): Promise<z.infer<T>> {
  const parsed = schema.safeParse(await getJson(url, options));
  if (!parsed.success) throw noFeed(url);
  return parsed.data;
}

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);
const noFeed = (url: string) =>
  new UnrollError('network', '{0} answers with something that is no package feed; check the mirror.', url);
