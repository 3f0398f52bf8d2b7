// Examples to load. The secret is everybody's. Each hash is that of what the mistaken signer of the example hashed; a test
// makes them again.

const SECRET = "this-secret-is-an-example-and-is-known-to-all";
const site = {
  direction: "outbound",
  appKey: "com.example.app",
  clientKey: "f1e2d3c4-example-tenant",
  secret: SECRET,
  base: "https://example.atlassian.net/wiki",
  form: "",
  method: "GET",
};

/** Fields to fill in, and what is put into the token. */
export const samples = [
  {
    name: "The base path is hashed",
    fields: { ...site, url: "/wiki/rest/api/content?spaceKey=DEV&expand=version&expand=body" },
    hashed: "GET&/wiki/rest/api/content&expand=body,version&spaceKey=DEV",
    qsh: "59b7ad58e3d0c2a045e4cde62987666f0aef9abc238bbecada421f3025918369",
  },
  {
    name: "A space is encoded as a plus",
    fields: { ...site, url: "/wiki/rest/api/search?cql=type%20%3D%20page%20and%20space%20%3D%20DEV" },
    hashed: "GET&/rest/api/search&cql=type+%3D+page+and+space+%3D+DEV",
    qsh: "f79f7654350145d49c31cba9b198957e516dc8de8d1d6b6052e05cb0af926461",
  },
  {
    name: "Names are sorted before they are encoded",
    fields: { ...site, url: "/wiki/rest/api/content?filterA=1&filter%5Bname%5D=2&filter=3" },
    hashed: "GET&/rest/api/content&filter=3&filterA=1&filter%5Bname%5D=2",
    qsh: "69b77eae96ec57a415f5f3a36d1ac822f2cec425051086abde7994eae1006729",
  },
  {
    name: "Two mistakes at once",
    fields: { ...site, method: "POST", url: "/wiki/rest/api/content/?ids=20&ids=3" },
    hashed: "POST&/rest/api/content/&ids=20&ids=3",
    qsh: "e83ac5a6d7416dfd8fc446aa561ce42f8e362d8bd8be29d57b094a8b30b9d550",
  },
  {
    name: "The clientKey where the app key belongs",
    fields: { ...site, url: "/wiki/rest/api/user/current" },
    claims: { iss: site.clientKey },
    hashed: "GET&/rest/api/user/current&",
    qsh: "0f71f0b9c8a808f0faa897ed4494e7f6336dbdc5356e943ef96fc3dcc0f1ed73",
  },
  {
    name: "A clock is ten minutes ahead",
    fields: { ...site, url: "/wiki/rest/api/user/current" },
    skew: 600,
    hashed: "GET&/rest/api/user/current&",
    qsh: "0f71f0b9c8a808f0faa897ed4494e7f6336dbdc5356e943ef96fc3dcc0f1ed73",
  },
  {
    name: "A line break behind the secret",
    fields: { ...site, url: "/wiki/rest/api/user/current" },
    signedWith: `${SECRET}\n`,
    hashed: "GET&/rest/api/user/current&",
    qsh: "0f71f0b9c8a808f0faa897ed4494e7f6336dbdc5356e943ef96fc3dcc0f1ed73",
  },
  {
    name: "A product calls an app, and all is well",
    fields: { ...site, direction: "inbound", base: "https://app.example.com", url: "/dashboard/Q3%20plan?lang=en" },
    claims: { iss: site.clientKey, sub: "5b10ac8d82e05b22cc7d4ef5" },
    hashed: "GET&/dashboard/Q3 plan&lang=en",
    qsh: "df7c494da1de103829f54ad7e162a52786a16b1aef84b65333eb470a4db7eb83",
  },
];
