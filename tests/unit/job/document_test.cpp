// Job documents: what is read from TOML and JSON, and that every mistake names its place.
#include "job/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace jinsha {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const DocumentEntry* find(const Document& document, const std::string& key) {
  for (const DocumentEntry& entry : document.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

TEST(Document, TomlValuesBecomeTheTextsOfTheCommandLine) {
  const auto document = parse_toml(
      "bitrate = 80_000_000\nlevel = 5.1\ncbr = true\ngop = '1s'\nencoder_param = ['ref=3', 'no-sao']\n"
      "[mux]\nmuxrate = '88M'\nfragment = 2.0\n",
      "job.toml");
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(find(*document, "bitrate")->texts, std::vector<std::string>{"80000000"});
  EXPECT_EQ(find(*document, "level")->texts, std::vector<std::string>{"5.1"});
  EXPECT_EQ(find(*document, "cbr")->texts, std::vector<std::string>{"true"});
  EXPECT_THAT(find(*document, "encoder_param")->texts, ElementsAre("ref=3", "no-sao"));
  EXPECT_TRUE(find(*document, "encoder_param")->is_array);
  EXPECT_EQ(find(*document, "mux.muxrate")->place, "job.toml:7");
  EXPECT_EQ(find(*document, "mux.muxrate")->subject, "mux.muxrate");
  EXPECT_EQ(find(*document, "mux.fragment")->texts, std::vector<std::string>{"2"});
}

TEST(Document, JsonSaysTheSameWithPointersForLines) {
  const auto document = parse_json(
      R"({"bitrate": 80000000, "level": 5.1, "cbr": true, "threads": -1, "mux": {"a/b~c": ["x", 2]}})", "job.json");
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(find(*document, "bitrate")->texts, std::vector<std::string>{"80000000"});
  EXPECT_EQ(find(*document, "level")->texts, std::vector<std::string>{"5.1"});
  EXPECT_EQ(find(*document, "cbr")->texts, std::vector<std::string>{"true"});
  EXPECT_EQ(find(*document, "threads")->texts, std::vector<std::string>{"-1"});
  EXPECT_THAT(find(*document, "mux.a/b~c")->texts, ElementsAre("x", "2"));
  EXPECT_EQ(find(*document, "mux.a/b~c")->subject, "/mux/a~1b~0c");
}

struct Mistake {
  const char* text;
  const char* words;
};

TEST(Document, TomlMistakesNameTheLine) {
  for (const Mistake& row :
       {Mistake{"a = 1\nb = \n", "job.toml:2: this is not TOML"}, Mistake{"a = 1\n\na = 2\n", "job.toml:3"},
        Mistake{"a = 1\nrange = 00:01:30\n", "job.toml:2: range: dates and times are texts"},
        Mistake{"a = [\n'x',\n['y']]\n", "job.toml:3: a: a list holds single values"},
        Mistake{"a = [{b = 1}]\n", "job.toml:1: a: a list holds single values"},
        Mistake{"a = \"\xff\"\n", "job.toml:1"}}) {
    const auto document = parse_toml(row.text, "job.toml");
    ASSERT_FALSE(document.ok()) << row.text;
    EXPECT_EQ(document.error().code, ErrorCode::kUsage);
    EXPECT_THAT(document.error().message, HasSubstr(row.words));
  }
}

TEST(Document, JsonMistakesNameTheLineOrThePointer) {
  for (const Mistake& row :
       {Mistake{"{\n\"a\": 1,\n\"b\" 2}", "job.json:3: this is not JSON"}, Mistake{"", "job.json:1: this is not JSON"},
        Mistake{"[1]", "job.json: a document is one object"}, Mistake{"{\"a\":1,\"a\":2}", "\"a\" is given twice"},
        Mistake{"{\"a\":{\"b\":null}}", "job.json: /a/b: null is no value"},
        Mistake{"{\n\"a\": 1,\n\"b\": -1e999\n}", "job.json:3: the number -1e999 is too large"},
        Mistake{"{\"a\":[1,[2]]}", "job.json: /a/1: a list holds single values"}}) {
    const auto document = parse_json(row.text, "job.json");
    ASSERT_FALSE(document.ok()) << row.text;
    EXPECT_EQ(document.error().code, ErrorCode::kUsage);
    EXPECT_THAT(document.error().message, HasSubstr(row.words));
  }
}

TEST(Document, DepthIsBounded) {
  std::string json;
  std::string toml = "a = ";
  for (int i = 0; i < 100'000; ++i) json += "{\"a\":";
  for (int i = 0; i < 100'000; ++i) toml += '[';
  EXPECT_FALSE(parse_json(json, "job.json").ok());
  json += "1" + std::string(100'000, '}');
  EXPECT_FALSE(parse_json(json, "job.json").ok());
  EXPECT_FALSE(parse_toml(toml, "job.toml").ok());
  std::string dotted = "\n\na";
  for (int i = 0; i < 100'000; ++i) dotted += ".a";
  for (const std::string& text :
       {dotted + " = 1\n", "[" + dotted.substr(2) + "]\n", "x = {" + dotted.substr(2) + " = 1}\n"})
    EXPECT_THAT(parse_toml(text, "job.toml").error().message, HasSubstr("so many dots"));
}

TEST(Document, WhatTomlplusplusDoesNotExpectIsAMistakeToo) {
  for (const char* text : {"[=\n", "\u00e9 = 1\n", "a = 1\n[[[b]]]\n", "[[=", "[[[]]"}) {
    const auto document = parse_toml(text, "job.toml");
    ASSERT_FALSE(document.ok()) << text;
    EXPECT_THAT(document.error().message, HasSubstr("this is not TOML"));
  }
}

TEST(Document, FilesThatAreNoDocumentsAreRefused) {
  const std::string folder = ::testing::TempDir();
  const std::string big = folder + "jinsha_big.toml";
  std::ofstream(big) << "a = '" << std::string(kMaxDocumentBytes, 'x') << "'\n";
  EXPECT_THAT(read_document(big).error().message, HasSubstr("longer than"));
  std::remove(big.c_str());
  EXPECT_THAT(read_document(folder + "none.toml").error().message, HasSubstr("No such file"));
  EXPECT_THAT(read_document(folder + "none.yaml").error().message, HasSubstr(".toml or .json"));
}

}  // namespace
}  // namespace jinsha
