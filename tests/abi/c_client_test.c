/* A client in C99 that knows nothing but jinsha.h: the header compiles as C, the library links and
 * runs alone, errors carry their words, structs cross the border with their size. */
#include <stdio.h>
#include <string.h>

#include "jinsha/jinsha.h"

static int failures = 0;

static void expect(int condition, const char* what) {
  if (!condition) {
    fprintf(stderr, "failed: %s\n", what);
    ++failures;
  }
}

int main(void) {
  jinsha_option option;
  jinsha_error* error = NULL;
  jinsha_job* job = jinsha_job_new();
  char* json = NULL;
  jinsha_compare_options compared;
  size_t i;

  expect(strncmp(jinsha_version(), "0.", 2) == 0, "the version begins with 0.");
  expect(strstr(jinsha_build_info(), "x265") != NULL, "the build names its libraries");

  expect(jinsha_option_count() > 10, "there are options");
  for (i = 0; i < jinsha_option_count(); ++i) {
    memset(&option, 0, sizeof option);
    option.size = sizeof option;
    expect(jinsha_option_at(i, &option) == 1, "every option can be read");
    expect(option.key && option.key[0] && option.flag && option.help && option.help[0], "an option says what it is");
  }
  option.size = sizeof option;
  expect(jinsha_option_at(jinsha_option_count(), &option) == 0, "the end of the option table is told");

  expect(job != NULL, "a job can be made");
  expect(jinsha_job_set(job, "no_such_option", "1", &error) == JINSHA_USAGE, "an unknown option is refused");
  expect(error != NULL && strstr(jinsha_error_message(error), "no_such_option") != NULL, "the refusal names it");
  expect(error != NULL && jinsha_error_code(error) == JINSHA_USAGE, "the error carries its code");
  jinsha_error_free(error);
  error = NULL;
  expect(jinsha_job_set(job, "no_such_option", "1", NULL) == JINSHA_USAGE, "the error may be ignored");
  expect(jinsha_job_plan_json(job) == NULL, "there is no plan before planning");
  jinsha_job_cancel(job);
  jinsha_job_free(job);
  jinsha_job_free(NULL);
  jinsha_error_free(NULL);
  jinsha_string_free(NULL);

  expect(jinsha_probe("/no/such/file", NULL, &json, &error) == JINSHA_INPUT, "a missing file cannot be probed");
  expect(error != NULL && strstr(jinsha_error_message(error), "/no/such/file") != NULL, "the message names the file");
  expect(jinsha_exit_status(JINSHA_INPUT) == 3, "exit statuses are those of the program");
  jinsha_error_free(error);
  error = NULL;

  memset(&compared, 0, sizeof compared);
  compared.size = sizeof compared;
  compared.frames = 1;
  expect(jinsha_compare("generate:64x32,frames=2", "generate:64x32,frames=2", &compared, &json, &error) == JINSHA_OK,
         "pictures are compared");
  expect(json != NULL && strstr(json, "psnr_y") != NULL, "the comparison is JSON");
  jinsha_string_free(json);
  expect(jinsha_compare("/no/such/file", "generate:64x32", NULL, &json, &error) == JINSHA_INPUT,
         "a missing file cannot be compared");
  expect(json == NULL, "a refusal gives no JSON");
  jinsha_error_free(error);
  return failures == 0 ? 0 : 1;
}
