/** What `unstale --help` and `unstale audit --help` say. */

export const HELP = `Usage: unstale <command>

Commands:
  audit URL...   Look at a running API: validators, 304, HEAD, codings, Cache-Control, If-Match

unstale audit --help tells the options.
`;

export const AUDIT_HELP = `Usage: unstale audit [options] URL...

Asks each URL by GET and HEAD, and tells what its validators, its 304s, its codings, its ranges and its
Cache-Control do wrong, with the section of the RFC and what to do about it. Nothing is changed, and nothing
is asked but what you name.

What is asked:
  URL                     something that GET answers 200
  --missing URL           something that is not there, or not allowed: its answer is checked as an error
  -H, --header 'N: v'     sent with every request, such as Authorization; it is in no output
  --follow                follow redirects; credentials stay with the origin that you named
  --timeout 5s            how long a whole answer may take
  --max-size 10mb         how much content of one answer is read
  --concurrency 4         how many URLs are asked at the same time
  --insecure              accept certificates that nobody has signed

Writes. They change data: use a resource that is there for it.
  --unsafe URL            write to this one: If-Match, 428, If-None-Match: *, and two writers in the same moment
  --method PUT            PUT, PATCH or POST
  --body TEXT             the content; {{n}} becomes 1, 2, 3 ..., so that no two writes are the same.
                          May be given several times: they are sent in turn
  --body-file FILE        the same, from a file
  --read URL              whose GET gives the tag, where it is another one
  --rounds 5              how often two writers race

Which checks (docs/audit.md lists them):
  --only NAMES            these, with commas between them: checks, or groups such as not-modified, caching, writes
  --skip NAMES            all but these

Output:
  --json                  findings as JSON on stdout
  --quiet                 warnings and errors only, and no progress
  --fail-on warning       exit with 1 for warnings, too (error is the default)
  --help, --version

Relative URLs of --missing, --unsafe and --read are resolved against the first URL.
The exit code is 0 where nothing was found, 1 where something was, 2 where the arguments are wrong or nobody answered.

Examples:
  unstale audit http://localhost:3000/articles/7 --missing /articles/none
  unstale audit http://localhost:3000/articles/7 --unsafe /articles/7 --body '{"title":"Title {{n}}"}'
`;
