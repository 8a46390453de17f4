// Files that are made from the command table and the option table and are kept in the repository: ./dev docs
// writes them, a test fails when one differs.
#pragma once

namespace jinsha::cli {

void print_man_page();         // packaging/jinsha.1
void print_bash_completion();  // packaging/jinsha.bash

}  // namespace jinsha::cli
