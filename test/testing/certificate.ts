/** A certificate for localhost that nobody but itself has signed, and its key: for this test alone, and good until 2126. */

export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoY4664sCwLnUtmSE
749rc4iSUWqDywxfa7BbYzPBsPOhRANCAAQ+gOBkpcdo3qg/t0fEUOnr8xvK9b7p
uk3kjvi8hQy7GRgTwnVrETGssY0Scp1hlcfyaP2CeV8yddtLHkWTIiJL
-----END PRIVATE KEY-----`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUOdz411hApj4FUbghkLd+H2CrPjMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyNDE0MFoYDzIxMjYxMDI4
MTI0MTQwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ+gOBkpcdo3qg/t0fEUOnr8xvK9b7puk3kjvi8hQy7GRgTwnVrETGs
sY0Scp1hlcfyaP2CeV8yddtLHkWTIiJLo1MwUTAdBgNVHQ4EFgQU8TYnR+3FFKKw
83t/yVBl7Uuei+AwHwYDVR0jBBgwFoAU8TYnR+3FFKKw83t/yVBl7Uuei+AwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBBDduf7xoifPWXd7L5ZNTl
h+MCyZzPptrwWd8+eEgllAIgFnMCuhbhaLyVajytuwAs2ep+fQDotnN9eb3LBFds
XH4=
-----END CERTIFICATE-----`;
