// An OpenID provider on loopback for the tests: whoever types a person's id there is that person.
//
//   node provider.mjs PORT CLIENT SECRET ADDRESS-OF-THE-DASHBOARD SYSTEM-OF-A-SOURCE
import Provider from "oidc-provider";

const [port, client, secret, address, system] = process.argv.slice(2);
const audience = `${address}/api/v1`;

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: client,
      client_secret: secret,
      redirect_uris: [`${address}/sign-in/back`],
      post_logout_redirect_uris: [`${address}/sign-in`],
    },
    {
      client_id: system,
      client_secret: secret,
      redirect_uris: [],
      response_types: [],
      grant_types: ["client_credentials"],
    },
  ],
  claims: { openid: ["sub", "mash_person"] },
  conformIdTokenClaims: false, // so that the identity token has the claim
  cookies: { keys: [secret] },
  extraTokenClaims: (context, token) => ({ mash_person: token.accountId ?? `source.${token.clientId}` }),
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({ audience, scope: "", accessTokenFormat: "jwt", accessTokenTTL: 300 }),
    },
  },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, mash_person: id }) }),
  pkce: { required: () => true },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listens"));
