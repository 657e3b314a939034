/**
 * The toolkit's foundation tries a style sheet of its own while its modules load, and takes the nonce for it from this meta tag;
 * without one the page's content security policy would refuse the sheet and report it. Import this before the toolkit.
 */
const nonce = document.getElementById('setup')?.nonce ?? '';
const meta = document.createElement('meta');
meta.setAttribute('property', 'csp-nonce');
meta.content = nonce;
document.head.append(meta);
