// Job documents and presets as text: TOML or JSON read into a flat list of keys and values, each with
// the place it stands at. What the keys mean is the option table's business (settings.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jinsha {

// One key of a document. Values are texts as the command line takes them: 80000000, true and 5.1 become
// "80000000", "true" and "5.1".
struct DocumentEntry {
  std::string key;                 // "mux.muxrate": groups joined with dots
  std::vector<std::string> texts;  // one; an array has one for each element
  bool is_array = false;
  std::string place;    // "job.toml:14" or "job.json"
  std::string subject;  // the key in TOML; in JSON its pointer (RFC 6901), as there is no line: "/mux/muxrate"
};

struct Document {
  std::string name;  // for messages
  std::vector<DocumentEntry> entries;
};

// The longest document that is read.
constexpr std::size_t kMaxDocumentBytes = 1 << 20;

// kUsage naming the file and, for syntax, the line. TOML 1.0; `name` goes into messages.
Result<Document> parse_toml(std::string_view text, const std::string& name);
// RFC 8259; a key that is given twice is refused.
Result<Document> parse_json(std::string_view text, const std::string& name);

// Reads a file; the extension, .toml or .json, says which of the two it is.
Result<Document> read_document(const std::string& path);

}  // namespace jinsha
